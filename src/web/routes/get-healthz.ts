import type { RequestHandler } from 'express';

/** The process answers. Never asks the database: a slow disk is no reason to be killed. */
export const getHealthz: RequestHandler = (_req, res) => {
  res.json({ status: 'ok' });
};
