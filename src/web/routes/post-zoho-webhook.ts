import express, { type ErrorRequestHandler, type RequestHandler, type Response } from 'express';
import { InputError } from '../../errors.ts';
import type { DeliveryReceiver } from '../../webhooks/receive-delivery.ts';
import { sendProblem, statusOf } from '../error-handler.ts';

export interface WebhookDeps {
  readonly receiver: DeliveryReceiver;
  readonly countDelivery: (outcome: string) => void;
}

const BODY_LIMIT = '256kb';

/** The secret is checked before the body is read: strangers cannot make us read anything. */
export function postZohoWebhook({
  receiver,
  countDelivery,
}: WebhookDeps): (RequestHandler | ErrorRequestHandler)[] {
  const findChannel: RequestHandler = async (req, res, next) => {
    res.locals.channel = await receiver.channelOf(String(req.params.secret));
    next();
  };
  const receive: RequestHandler = async (req, res) => {
    // Without a body the parser leaves none.
    if (!Buffer.isBuffer(req.body)) throw new InputError('the notification has no body');
    const outcome = await receiver.receive(res.locals.channel, req.body);
    countDelivery(outcome);
    answerDelivery(res, outcome);
  };
  return [
    findChannel,
    express.raw({ type: () => true, limit: BODY_LIMIT }),
    receive,
    countRefused(countDelivery),
  ];
}

/** 200: stored; 202: known or not wanted; 503: it cannot be stored at the moment. */
export function answerDelivery(res: Response, outcome: string): void {
  if (outcome === 'refused') {
    res.set('Retry-After', '30');
    sendProblem(res, 503, { detail: 'notifications cannot be stored at the moment' });
    return;
  }
  res.status(outcome === 'stored' ? 200 : 202).json({ status: outcome });
}

const REASONS: { readonly [status: number]: string } = {
  400: 'bad_body',
  401: 'wrong_token',
  404: 'unknown_secret',
  413: 'too_large',
};

/** What is not taken is counted by its reason; the error handler answers. */
export function countRefused(count: (outcome: string) => void): ErrorRequestHandler {
  return (error: unknown, _req, _res, next) => {
    count(REASONS[statusOf(error)] ?? 'error');
    next(error);
  };
}
