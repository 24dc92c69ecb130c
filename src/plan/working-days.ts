import Holidays from 'date-holidays';
import { addDays, dayNumber, weekday } from '../days.ts';
import type { Day } from '../domain.ts';

/** Days on which people work: Monday to Friday without the country's public holidays; unknown country: weekends only. */
export interface WorkingCalendar {
  isWorkingDay(day: Day): boolean;
}

const DAY_MS = 86_400_000;
const NOON_MS = DAY_MS / 2;
const LOCAL_TIME = /^(\d{4}-\d{2}-\d{2}) (\d{2}):(\d{2})/;

export function workingCalendar(country: string | null): WorkingCalendar {
  const holidays = country ? new Holidays(country, { types: ['public'] }) : null;
  const years = new Map<number, ReadonlySet<Day>>();
  const holidaysOf = (year: number): ReadonlySet<Day> => {
    let days = years.get(year);
    if (!days) {
      days = new Set(holidays?.getHolidays(year).flatMap(daysAtNoon) ?? []);
      years.set(year, days);
    }
    return days;
  };
  return {
    isWorkingDay: (day) => {
      const inWeek = weekday(day);
      return inWeek !== 0 && inWeek !== 6 && !holidaysOf(Number(day.slice(0, 4))).has(day);
    },
  };
}

/** Some holidays start at sunset or last for days: those days count whose noon lies inside. */
function daysAtNoon(holiday: { date: string; start: Date; end: Date }): Day[] {
  const local = LOCAL_TIME.exec(holiday.date);
  if (!local?.[1]) return [];
  const spanMs = holiday.end.getTime() - holiday.start.getTime();
  const startMs = (Number(local[2]) * 60 + Number(local[3])) * 60_000;
  const first = local[1];
  const days: Day[] = [];
  for (let offset = startMs > NOON_MS ? 1 : 0; offset * DAY_MS + NOON_MS < startMs + spanMs; offset++) {
    days.push(addDays(first, offset));
  }
  return days;
}

/** The day itself when people work on it, else the next day they do. */
function nextWorkingDay(day: Day, calendar: WorkingCalendar): Day {
  let next = day;
  // Longer than any run of holidays; an endless one would be a fault in the calendar.
  const limit = dayNumber(day) + 366;
  while (!calendar.isWorkingDay(next) && dayNumber(next) < limit) next = addDays(next, 1);
  return next;
}

/** The n-th working day after `day`; 0 gives the day itself or the next working one. */
export function addWorkingDays(day: Day, days: number, calendar: WorkingCalendar): Day {
  let result = days === 0 ? nextWorkingDay(day, calendar) : day;
  for (let left = days; left > 0; left--) result = nextWorkingDay(addDays(result, 1), calendar);
  return result;
}
