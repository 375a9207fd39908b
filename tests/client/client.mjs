// One person's HTTP client: requests with a cookie jar, and a certificate to trust.

import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import zlib from "node:zlib";
import { Unmet, bounded } from "./waiting.mjs";

export class Client {
  #cookies = new Map();
  /** The certificate to trust; without it the usual ones. */
  ca;
  /** The address of this machine that connections come from; without it the system's choice. */
  localAddress;

  constructor(url) {
    this.url = url;
  }

  /** The headers that carry this person's cookies, none without cookies. */
  cookieHeaders() {
    const pairs = [...this.#cookies].map(([name, value]) => `${name}=${value}`);
    return pairs.length ? { cookie: pairs.join("; ") } : {};
  }

  #keep(lines) {
    for (const line of lines) {
      const [pair, ...attributes] = line.split(";").map((part) => part.trim());
      const [name] = pair.split("=", 1);
      if (attributes.some((attribute) => /^max-age=0$/i.test(attribute))) this.#cookies.delete(name);
      else this.#cookies.set(name, pair.slice(name.length + 1));
    }
  }

  async request({ method, path, body, headers, within }) {
    const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
    // what changes something is JSON, also where it is empty
    const type = body === undefined && method === "GET" ? {} : { "content-type": "application/json" };
    const own = { ...this.cookieHeaders(), ...length, ...type };
    const options = { method, headers: { ...own, ...headers }, agent: false, ca: this.ca, localAddress: this.localAddress };
    const response = new Promise((resolve, reject) => {
      const url = new URL(path, this.url);
      const request = (url.protocol === "https:" ? https : http).request(url, options, resolve);
      // a server may answer and close before it has read a body that is too large
      request.on("error", (error) => reject(new Unmet(`${method} ${path}: ${error.message}`)));
      request.end(body);
    });
    return bounded(response.then((response) => this.#read(response)), within, () => `${method} ${path}: no response`);
  }

  /** The status of a GET request over HTTP/2. */
  async statusOverHttp2({ path, within }) {
    const session = http2.connect(this.url, { ca: this.ca });
    const status = new Promise((resolve, reject) => {
      session.on("error", (error) => reject(new Unmet(`HTTP/2: ${error.message}`)));
      session.request({ ":path": path }).on("response", (headers) => resolve(headers[":status"])).resume();
    });
    return bounded(status, within, () => `GET ${path} over HTTP/2: no response`).finally(() => session.destroy());
  }

  async #read(response) {
    const chunks = [];
    for await (const chunk of response) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const isGzip = response.headers["content-encoding"] === "gzip" && body.length > 0;
    const text = (isGzip ? zlib.gunzipSync(body) : body).toString();
    this.#keep(response.headers["set-cookie"] ?? []);
    const isJson = (response.headers["content-type"] ?? "").startsWith("application/json");
    const headers = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
    return { status: response.statusCode, headers, text, json: isJson && text ? JSON.parse(text) : null };
  }
}
