// The benchmark's server on Socket.IO for Node, written the way its documentation does.
// BENCH_KEY is what tokens are signed with.

import { createServer } from "node:http";
import jwt from "jsonwebtoken";
import { Server } from "socket.io";

const httpServer = createServer();
const io = new Server(httpServer);

io.on("connection", (socket) => {
  socket.on("echo", (payload, ack) => ack(payload));
  socket.on("join", (room, ack) => {
    socket.join(room);
    ack(null);
  });
  socket.on("shout", ({ room, text }, ack) => {
    socket.to(room).emit("note", text);
    ack(null);
  });
});

const members = io.of("/private");
members.use((socket, next) => {
  try {
    const { token } = socket.handshake.auth;
    const options = { algorithms: ["HS256"], issuer: "lambdio", audience: "lambdio" };
    socket.data.user = jwt.verify(token, process.env.BENCH_KEY, options);
    next();
  } catch {
    next(new Error("unauthenticated"));
  }
});
members.on("connection", (socket) => {
  socket.on("greet", (ack) => ack("hello"));
});

httpServer.listen(0, "127.0.0.1", () => {
  const { address, port } = httpServer.address();
  console.log(`address http://${address}:${port}`);
});
