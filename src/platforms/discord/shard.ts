/** One gateway connection of @discordjs/ws, with what it leaves open closed. */
import { type IContextFetchingStrategy, WebSocketShard, WebSocketShardDestroyRecovery } from "@discordjs/ws";

/** The part of a `ws` socket that is needed to end one for good. */
interface Socket {
  readonly readyState: number;
  on(event: "error" | "close", listener: () => void): unknown;
  terminate(): void;
}

/** States of a WebSocket. */
const [connecting, closed] = [0, 3];

/** How long a connection may take to answer a close; a dead line never does, and `ws` would wait 30 seconds. */
const closeWaitMs = 2000;

/**
 * Makes a shard whose own faults cannot end the process or outlive it:
 * - it calls its handlers as floating promises, so that one malformed payload (a READY without data) is an unhandled rejection;
 * - it waits 30 seconds for a dead connection to close before it resumes;
 * - destroyed while still connecting, it leaves the socket open.
 * Its methods are private to TypeScript only; a test over real sockets shows that they are still there.
 * @param onFault told about each caught fault
 */
export function createShard(context: IContextFetchingStrategy, id: number, onFault: (error: unknown) => void): WebSocketShard {
  const shard = new WebSocketShard(context, id);
  for (const name of ["onMessage", "internalConnect", "heartbeat"]) catchIn(shard, name, onFault);
  const destroy = shard.destroy.bind(shard);
  shard.destroy = (options) => {
    endSoon(shard);
    return destroy(options);
  };
  return shard;
}

function catchIn(shard: WebSocketShard, name: string, onFault: (error: unknown) => void): void {
  const original: unknown = Reflect.get(shard, name);
  if (typeof original !== "function") throw new TypeError(`@discordjs/ws has no WebSocketShard.${name} any more`);
  Reflect.set(shard, name, async (...args: unknown[]) => {
    try {
      return await Reflect.apply(original, shard, args);
    } catch (error) {
      onFault(error);
      // A session that cannot be understood is left; with none, the shard identifies anew.
      void shard.destroy({ reason: "unreadable payload", recover: WebSocketShardDestroyRecovery.Resume }).catch(onFault);
    }
  });
}

const socketOf = (shard: WebSocketShard): Socket | null => Reflect.get(shard, "connection") as Socket | null;

function endSoon(shard: WebSocketShard): void {
  const socket = socketOf(shard);
  if (socket === null || socket.readyState === closed) return;
  setTimeout(() => end(socket), closeWaitMs).unref();
}

function end(socket: Socket): void {
  if (socket.readyState === closed) return;
  // Ending a socket that is still connecting is an error event, which nobody else listens to any more.
  socket.on("error", () => {});
  socket.terminate();
}

/**
 * Closes the shard for good; resolves when its connection is closed. The promise of `destroy` is not waited for: a shard that is still
 * connecting destroys itself once more meanwhile, and the first promise never settles.
 */
export async function endShard(shard: WebSocketShard): Promise<void> {
  const socket = socketOf(shard);
  const over = Promise.withResolvers<void>();
  socket?.on("close", over.resolve);
  shard.destroy({ reason: "stopping" }).catch(() => {});
  if (socket === null || socket.readyState === closed) return;
  if (socket.readyState === connecting) end(socket);
  await over.promise;
}
