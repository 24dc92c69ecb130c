// Express that reads a body and answers, in a process of its own: what nobody who answers over HTTP can do without.
import type { AddressInfo } from 'node:net';
import express from 'express';

const app = express();
app.post('/', express.raw({ type: () => true }), (_req, res) => {
  res.json({});
});
const server = app.listen(0, '127.0.0.1', () => {
  // A server on a port has an AddressInfo.
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
