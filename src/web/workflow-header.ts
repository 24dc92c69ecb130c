/** Carries the second secret of a workflow-rule webhook, so that a leaked address alone is worth nothing. */
export const SECRET_HEADER = 'X-ZCV-Secret';
