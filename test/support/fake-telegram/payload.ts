/** Reads what a bot sends: JSON or multipart bodies, as plain records. */
import type { IncomingMessage } from "node:http";

export type Payload = Readonly<Record<string, unknown>>;

export interface UploadedFile {
  readonly name: string;
  readonly content: Uint8Array;
}

/** A value as a record; an empty one for everything that is none. */
export const record = (value: unknown): Payload => (typeof value === "object" && value !== null ? (value as Payload) : {});
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const number = (value: unknown): number | undefined => {
  const read = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof read === "number" && Number.isFinite(read) ? read : undefined;
};
export const string = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

export async function readBody(request: IncomingMessage): Promise<{ payload: Payload; files: ReadonlyMap<string, UploadedFile> }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(request.headers["content-type"] ?? "")?.[1];
  if (boundary !== undefined) return readMultipart(body, boundary);
  return { payload: body.length === 0 ? {} : record(JSON.parse(body.toString())), files: new Map() };
}

/** Fields that a multipart body carries as JSON text. */
const structured = /^(entities|caption_entities|reply_markup|reply_parameters|link_preview_options)$/;

function readMultipart(body: Buffer, boundary: string): { payload: Payload; files: ReadonlyMap<string, UploadedFile> } {
  const payload: Record<string, unknown> = {};
  const files = new Map<string, UploadedFile>();
  const mark = Buffer.from(`--${boundary}`);
  for (let from = body.indexOf(mark); from >= 0; ) {
    const to = body.indexOf(mark, from + mark.length);
    if (to < 0) break;
    const part = body.subarray(from + mark.length + 2, to - 2);
    const gap = part.indexOf("\r\n\r\n");
    const head = part.subarray(0, gap).toString();
    const value = part.subarray(gap + 4);
    const name = /name="([^"]*)"/.exec(head)?.[1] ?? "";
    const file = /filename="?([^"\r\n]*)"?/.exec(head)?.[1];
    if (file !== undefined) files.set(name, { name: file, content: new Uint8Array(value) });
    else payload[name] = structured.test(name) ? JSON.parse(value.toString()) : value.toString();
    from = to;
  }
  return { payload, files };
}
