/** The other way that Discord tells of interactions: signed, to an address that must prove first that it checks signatures. */
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";

export interface SendOptions {
  /** Milliseconds since 1970 by which it is signed. */
  readonly at?: number;
  /** Replaces the headers of the same name. */
  readonly headers?: Readonly<Record<string, string>>;
}

export class Endpoint {
  /** 64 hex digits, as the developer portal shows it. */
  readonly publicKey: string;
  /** Interactions as they were posted, for whoever posts them again. */
  readonly sent: string[] = [];
  /** Whoever else gets each interaction at the same moment, as from a proxy that asks twice. */
  also: readonly string[] = [];
  readonly #key: KeyObject;
  #url: string | null = null;

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    this.#key = privateKey;
    this.publicKey = Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url").toString("hex");
  }

  /** Interactions come through here and no more through the gateway. */
  get used(): boolean {
    return this.#url !== null;
  }

  /** Saves an address in the developer portal, which asks twice. @throws where it does not answer as an endpoint must */
  async use(url: string): Promise<void> {
    const ping = JSON.stringify({ id: "1", application_id: "2", type: 1, token: "t", version: 1 });
    const forged = await this.#post(url, ping, { headers: { "x-signature-ed25519": "0".repeat(128) } });
    if (forged.status !== 401) throw new Error(`a forged request was answered with ${forged.status}`);
    const real = await this.#post(url, ping);
    const answer = await real.text();
    if (real.status !== 200 || answer !== '{"type":1}') throw new Error(`a ping was answered with ${real.status} ${answer}`);
    this.#url = url;
  }

  /** Posts to the saved address. */
  async send(body: string, options?: SendOptions): Promise<number> {
    if (this.#url === null) throw new Error("there is no endpoint");
    this.sent.push(body);
    const [response] = await Promise.all([this.#url, ...this.also].map((url) => this.#post(url, body, options)));
    if (response === undefined) throw new TypeError("it was posted to nobody");
    await response.arrayBuffer();
    return response.status;
  }

  #post(url: string, body: string, { at = Date.now(), headers = {} }: SendOptions = {}): Promise<Response> {
    const timestamp = String(Math.floor(at / 1000));
    const signature = sign(null, Buffer.from(timestamp + body), this.#key).toString("hex");
    const usual = { "content-type": "application/json", "x-signature-ed25519": signature, "x-signature-timestamp": timestamp };
    return fetch(url, { method: "POST", body, headers: { ...usual, ...headers } });
  }
}
