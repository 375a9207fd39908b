import { watchConnection } from "../shared/connection.js";
import { fillHeader } from "../shared/header.js";
import { requireMe } from "../shared/session.js";

fillHeader(await requireMe(), watchConnection);
