// What a User-Agent header says, in two words.

/** The first that is found counts: others pretend to be those that come later. */
const BROWSERS = [
  [/Edg(?:e|A|iOS)?\//, "Edge"],
  [/OPR\/|Opera/, "Opera"],
  [/SamsungBrowser\//, "Samsung Internet"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/Chrome\/|CriOS\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const SYSTEMS = [
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/Android/, "Android"],
  [/CrOS/, "ChromeOS"],
  [/Windows/, "Windows"],
  [/Mac OS X|Macintosh/, "Mac"],
  [/Linux/, "Linux"],
];
/** The longest piece of an unknown header that is shown. */
const LONGEST = 40;

/** A name for people, and whether it is something to hold in a hand. */
export function device(userAgent) {
  if (!userAgent) return { name: "Unknown device", isPhone: false };
  const find = (table) => table.find(([pattern]) => pattern.test(userAgent))?.[1];
  const [browser, system] = [find(BROWSERS), find(SYSTEMS)];
  const name = browser && system ? `${browser} on ${system}` : (browser ?? system ?? userAgent.slice(0, LONGEST));
  return { name, isPhone: /Mobile|iPhone|Android/.test(userAgent) };
}
