import express, { type RequestHandler } from 'express';
import { InputError } from '../../errors.ts';
import type { DeliveryReceiver } from '../../webhooks/receive-delivery.ts';
import { sendProblem } from '../error-handler.ts';

export interface WebhookDeps {
  readonly receiver: DeliveryReceiver;
  readonly countDelivery: (outcome: string) => void;
}

const BODY_LIMIT = '256kb';

/** The secret is checked before the body is read: strangers cannot make us read anything. */
export function postZohoWebhook({ receiver, countDelivery }: WebhookDeps): RequestHandler[] {
  const findChannel: RequestHandler = async (req, res, next) => {
    res.locals.channel = await receiver.channelOf(String(req.params.secret));
    next();
  };
  const receive: RequestHandler = async (req, res) => {
    // Without a body the parser leaves none.
    if (!Buffer.isBuffer(req.body)) throw new InputError('the notification has no body');
    const outcome = await receiver.receive(res.locals.channel, req.body);
    countDelivery(outcome);
    if (outcome === 'refused') {
      res.set('Retry-After', '30');
      sendProblem(res, 503, { detail: 'notifications cannot be stored at the moment' });
      return;
    }
    res.status(outcome === 'stored' ? 200 : 202).json({ status: outcome });
  };
  return [findChannel, express.raw({ type: () => true, limit: BODY_LIMIT }), receive];
}
