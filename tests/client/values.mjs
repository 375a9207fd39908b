// Binary values travel between test and driver as {"$binary": "<hex>"}, `undefined` as {"$undefined": true}.

const isBytes = (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value);

const bytes = (value) => (ArrayBuffer.isView(value) ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : Buffer.from(value));

const map = (value, change) => {
  if (Array.isArray(value)) return value.map(change);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, change(inner)]));
};

export const decode = (value) => {
  if (value === null || typeof value !== "object") return value;
  if (typeof value.$binary === "string") return Buffer.from(value.$binary, "hex");
  if (value.$undefined) return undefined;
  return map(value, decode);
};

export const encode = (value) => {
  if (value === undefined) return { $undefined: true };
  if (value === null || typeof value !== "object") return value;
  if (isBytes(value)) return { $binary: bytes(value).toString("hex") };
  return map(value, encode);
};
