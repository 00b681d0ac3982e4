/** Fails any test that reaches for a network address other than loopback. */
import net from "node:net";

const loopback = /^(localhost|127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/;
const connect = net.Socket.prototype.connect;

interface Target {
  readonly host?: string;
  readonly path?: string;
}

function targetOf(args: readonly unknown[]): Target {
  const [first, second] = Array.isArray(args[0]) ? args[0] : args;
  if (typeof first === "object" && first !== null) return first;
  return typeof first === "string" ? { path: first } : typeof second === "string" ? { host: second } : {};
}

net.Socket.prototype.connect = function guarded(this: net.Socket, ...args: unknown[]): net.Socket {
  const { host, path } = targetOf(args);
  if (path === undefined && host !== undefined && !loopback.test(host)) throw new Error(`a test reached for the network: ${host}`);
  return Reflect.apply(connect, this, args) as net.Socket;
};
