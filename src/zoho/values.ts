import type { Day } from '../domain.ts';

export declare function textOf(value: unknown): string | null;
export declare function idOf(value: unknown): string | null;
export declare function dayOfValue(value: unknown): Day | null;
export declare function instantOf(value: unknown): Date | null;
export declare function decimalOf(value: unknown): string | null;
export declare function integerOf(value: unknown): number | null;
export declare function booleanOf(value: unknown): boolean;
