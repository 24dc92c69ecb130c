import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import type { WorkflowReceiver } from '../../webhooks/receive-workflow.ts';
import { SECRET_HEADER } from '../workflow-header.ts';
import { answerDelivery, countRefused } from './post-zoho-webhook.ts';

export interface WorkflowWebhookDeps {
  readonly workflows: WorkflowReceiver;
  readonly countDelivery: (outcome: string) => void;
}

const BODY_LIMIT = '64kb';

/** Both secrets are checked before the body is read. */
export function postWorkflowWebhook({
  workflows,
  countDelivery,
}: WorkflowWebhookDeps): (RequestHandler | ErrorRequestHandler)[] {
  const findHook: RequestHandler = async (req, res, next) => {
    res.locals.hook = await workflows.hookOf(String(req.params.secret), req.get(SECRET_HEADER));
    next();
  };
  const receive: RequestHandler = async (req, res) => {
    const raw = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
    const outcome = await workflows.receive(res.locals.hook, raw, req.get('content-type') ?? '', req.query);
    countDelivery(outcome);
    answerDelivery(res, outcome);
  };
  return [
    findHook,
    express.raw({ type: () => true, limit: BODY_LIMIT }),
    receive,
    countRefused(countDelivery),
  ];
}
