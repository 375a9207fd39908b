import { me } from "./shared/session.js";
console.debug(me);
