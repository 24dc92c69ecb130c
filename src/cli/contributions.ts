import type { Command } from 'commander';
import { importCommands } from './imports.ts';

export function configure(command: Command): void {
  importCommands(command, 'contributions');
}
