/** Files of an answer, kept in a folder: a console cannot hand them over in another way. */
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

/** What this program has saved; the folder may hold a person's own files too. */
const own = /^depinion-/;

/** Saves one file, readable by its owner only; resolves with where. @throws what the file system throws */
export async function saveExport(folder: string, name: string, content: Uint8Array): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = pathOf(folder, name);
  await writeFile(path, content, { mode: 0o600 });
  return path;
}

export const pathOf = (folder: string, name: string): string => resolve(join(folder, name));

/** Deletes every file that was saved here; resolves with the paths of those that the file system would not delete. */
export async function eraseExports(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  const paths = names.filter((name) => own.test(name)).map((name) => pathOf(folder, name));
  const left = (path: string) =>
    rm(path).then(
      () => [],
      () => [path],
    );
  return (await Promise.all(paths.map(left))).flat();
}
