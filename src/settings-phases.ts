import { z } from 'zod';
import { days, money, months } from './settings-values.ts';

/** The part `phases` of scoring.yaml: when a relation begins, cools and ends, and the words that say so. */

/** Whole values of a field; "true" of a checkbox counts as one anyway. */
const values = (...usual: string[]) => z.array(z.string().trim().toLowerCase().min(1)).default(usual);

export const PhasesPart = z
  .strictObject({
    newDays: days.prefault(90),
    loyalMonths: months.prefault(24),
    lostRatio: z.number().positive().default(4),
    lostDays: days.prefault(730),
    leavingRatio: z.number().positive().default(2),
    winBackMonths: months.prefault(36),
    winBackCost: money.nullable().default(null),
    dormantDays: days.prefault(180),
    contractDays: days.prefault(60),
    surveyLimit: z.number().min(0).max(10).default(6),
    buyerType: z.enum(['auto', 'project']).default('auto'),
    closedValues: values(
      ...['closed', 'business closed', 'dissolved', 'bankrupt', 'merged', 'blocked', 'no consent'],
      ...['opgeheven', 'failliet', 'gefuseerd', 'geblokkeerd', 'geen toestemming'],
      ...['zamknięte', 'upadłość', 'połączone', 'zablokowane', 'brak zgody'],
      ...['lukket', 'konkurs', 'fusioneret', 'blokeret', 'intet samtykke'],
    ),
    leftValues: values(
      ...['left', 'left company', 'inactive', 'uit dienst', 'inactief', 'nieaktywny', 'odszedł'],
      ...['fratrådt', 'inaktiv'],
    ),
    projectValues: values('project', 'projects', 'projekt', 'projecten', 'projekty', 'projekter'),
    competitorReasons: values('compet', 'concurr', 'konkur'),
    refusalReasons: values('refus', 'declined by us', 'geweigerd', 'odmów', 'afvist', 'afslag'),
  })
  .prefault({});
