/** One question to a blockchain node over JSON-RPC 2.0. */
import { z } from "zod";
import type { UpstreamKind } from "../core/errors.ts";
import type { Http, JsonRequest } from "../lib/http.ts";

interface RpcCall<T> extends Omit<JsonRequest<T>, "schema" | "written" | "diagnose"> {
  readonly method: string;
  readonly params: readonly unknown[];
  /** Of the `result`; its numbers arrive as `WrittenNumber`. */
  readonly result: z.ZodType<T>;
}

const failure = z.object({ error: z.looseObject({}) });

/** Nodes send their errors with a 200. */
const diagnose = (_status: number, body: unknown): UpstreamKind | undefined =>
  failure.safeParse(body).success ? "server_error" : undefined;

/** The result of a method that only reads. @throws UpstreamError */
export async function callRpc<T>(http: Http, { method, params, result, ...request }: RpcCall<T>): Promise<T> {
  const body = { jsonrpc: "2.0", id: 1, method, params };
  const answer = await http.postJson({ ...request, body, schema: z.object({ result }), written: true, diagnose });
  return answer.result;
}
