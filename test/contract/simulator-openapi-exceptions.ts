import type { Exception } from './simulator-openapi-files.ts';

/** Known defects of the OpenAPI files, each with what is read instead and why. */
export const EXCEPTIONS: readonly Exception[] = [];
