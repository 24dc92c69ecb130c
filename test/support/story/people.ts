import { addDays } from '../../../src/days.ts';
import type { Day } from '../../../src/domain.ts';
import type { VirtualDays } from '../virtual-days.ts';

/** What people do in the CRM by day. Every deed counts: a day without one is a quiet day. */
export class People {
  readonly days: VirtualDays;
  /** Deeds since the last night. */
  deeds = 0;
  readonly #made = new Map<string, string>();
  #count = 0;

  constructor(days: VirtualDays) {
    this.days = days;
  }

  get today(): Day {
    return this.days.today();
  }

  idOf(key: string): string {
    return this.#made.get(key) ?? this.days.simulator.control.idOf(key);
  }

  #write(module: string, row: Record<string, unknown>): string {
    this.deeds += 1;
    const [id = ''] = this.days.simulator.control.writeRecords(module, [row]).ids;
    return id;
  }

  set(firm: string, values: Record<string, unknown>): void {
    this.#write('Accounts', { id: this.idOf(firm), ...values });
  }
  rename(firm: string): void {
    this.set(firm, { Account_Name: `${firm} Group` });
  }
  found(firm: string, values: Record<string, unknown> = {}): void {
    this.#made.set(firm, this.#write('Accounts', { Account_Name: firm, ...values }));
  }
  leave(user: string): void {
    this.deeds += 1;
    this.days.simulator.control.setUserActive(user, false);
  }

  win(firm: string, amount: number, more: Record<string, unknown> = {}): void {
    this.#write('Deals', {
      Deal_Name: `Order ${++this.#count} of ${firm}`,
      Account_Name: { id: this.idOf(firm) },
      Amount: amount,
      Stage: 'Closed Won',
      Pipeline: 'Standard (Standard)',
      Closing_Date: this.today,
      ...more,
    });
  }
  offer(firm: string, amount: number): void {
    this.win(firm, amount, { Stage: 'Talking', Closing_Date: addDays(this.today, 60) });
  }

  /** A call that reached somebody, unless it is tried in vain. */
  call(firm: string, how: 'spoke' | 'in vain' | 'called in' = 'spoke', module = 'Accounts'): void {
    const isAnswered = how !== 'in vain';
    this.#write('Calls', {
      Subject: 'Order talk',
      Call_Type: how === 'called in' ? 'Inbound' : 'Outbound',
      Call_Start_Time: `${this.today}T09:30:00+01:00`,
      Call_Duration: isAnswered ? '05:00' : '00:04',
      What_Id: { id: this.idOf(firm) },
      $se_module: module,
    });
  }
  meet(firm: string, inDays: number): string {
    const day = addDays(this.today, inDays);
    return this.#write('Events', {
      Event_Title: 'Visit',
      Start_DateTime: `${day}T10:00:00+01:00`,
      End_DateTime: `${day}T11:00:00+01:00`,
      What_Id: { id: this.idOf(firm) },
      $se_module: 'Accounts',
    });
  }
  cancel(meeting: string): void {
    this.deeds += 1;
    this.days.simulator.control.deleteRecords('Events', [meeting]);
  }

  complain(firm: string, priority: 'High' | 'Medium' = 'High'): void {
    const key = `case of ${firm}`;
    const row = { Subject: 'Damaged parcel', Status: 'New', Priority: priority, Case_Origin: 'Phone' };
    this.#made.set(key, this.#write('Cases', { ...row, Account_Name: { id: this.idOf(firm) } }));
  }
  solve(firm: string): void {
    this.#write('Cases', { id: this.idOf(`case of ${firm}`), Status: 'Closed' });
  }

  lead(name: string): void {
    const values = { Last_Name: name, Company: `${name} Ltd`, Lead_Source: 'Web' };
    this.#made.set(name, this.#write('Leads', values));
  }
  setLead(name: string, values: Record<string, unknown>): void {
    this.#write('Leads', { id: this.idOf(name), ...values });
  }
  convert(name: string): void {
    this.deeds += 1;
    this.days.simulator.control.convertLead(this.idOf(name));
  }

  complete(task: string): void {
    this.#write('Tasks', { id: task, Status: 'Completed' });
  }
  remove(task: string): void {
    this.deeds += 1;
    this.days.simulator.control.deleteRecords('Tasks', [task]);
  }
}
