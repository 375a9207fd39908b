// The benchmark's server on Socket.IO for Node with a database, written the way the documentation of both does.
// BENCH_MONGO_URI and BENCH_MONGO_DATABASE say where the database is.

import { createServer } from "node:http";
import { MongoClient, ObjectId } from "mongodb";
import { Server } from "socket.io";

// what lambdio has without a setting
const client = new MongoClient(process.env.BENCH_MONGO_URI, {
  writeConcern: { w: "majority", journal: true },
  readConcern: { level: "majority" },
  maxPoolSize: 10,
});
await client.connect();
const documents = client.db(process.env.BENCH_MONGO_DATABASE).collection("documents");

const httpServer = createServer();
const io = new Server(httpServer);

io.on("connection", (socket) => {
  socket.on("create", async (text, ack) => {
    const { insertedId } = await documents.insertOne({ text, revision: 0 });
    ack(insertedId);
  });
  socket.on("read", async (id, ack) => {
    const { revision, text } = await documents.findOne({ _id: new ObjectId(id) });
    ack({ revision, text });
  });
  socket.on("edit", async ({ id, revision, text }, ack) => {
    const change = { $set: { text }, $inc: { revision: 1 } };
    const { matchedCount } = await documents.updateOne({ _id: new ObjectId(id), revision }, change);
    ack(matchedCount === 1);
  });
});

httpServer.listen(0, "127.0.0.1", () => {
  const { address, port } = httpServer.address();
  console.log(`address http://${address}:${port}`);
});
