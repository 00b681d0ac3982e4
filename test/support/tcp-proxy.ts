/** A line to another server of loopback that can become slow, go dead without a word, or be cut. */
import { connect, createServer, type Socket } from "node:net";

export interface TcpProxy {
  readonly port: number;
  /** Milliseconds that pass before each piece that the other side sends goes on; 0 where it is told nothing. */
  delay(ms: number): void;
  /** Nothing comes through any more, in either direction, and nobody is told: a half-open line. New connections are taken and never answered. */
  hold(): void;
  /** What goes through from now on goes through; what was held back is lost with its connections, which are cut. */
  mend(): void;
  close(): Promise<void>;
}

export async function startTcpProxy(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let [ms, held] = [0, false];
  const cut = () => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
    pairs.clear();
  };
  const server = createServer((near) => {
    const far = connect(target);
    const pair = [near, far] as const;
    pairs.add(pair);
    for (const [from, to] of [pair, [far, near] as const]) {
      from.on("error", () => to.destroy());
      from.on("close", () => {
        to.destroy();
        pairs.delete(pair);
      });
    }
    near.on("data", (piece) => {
      if (!held) far.write(piece);
    });
    far.on("data", (piece) => {
      const pass = () => {
        if (!held && !near.destroyed) near.write(piece);
      };
      if (ms === 0) pass();
      else setTimeout(pass, ms);
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("no port");
  return {
    port: address.port,
    delay(wanted) {
      ms = wanted;
    },
    hold() {
      held = true;
    },
    mend() {
      held = false;
      cut();
    },
    close() {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** The address of a database, through the proxy. */
export const through = (proxy: TcpProxy, url: string): string => Object.assign(new URL(url), { port: String(proxy.port) }).href;
