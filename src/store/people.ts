import type { Kysely, Selectable } from 'kysely';
import type { Db } from '../db.ts';
import type { ConnectionId } from '../domain.ts';
import { ConflictError } from '../errors.ts';
import { hashOf, newId } from './access-secrets.ts';
import type { Invitation, Member, Membership, PeopleStore, Person } from './access-stores.ts';
import { holdConnection } from './dialect.ts';
import { storable } from './rows.ts';
import { removeOwnViews } from './saved-views.ts';
import type { Tables } from './tables.ts';

/** People who signed in with Zoho, what they are to each connection, and who is invited. */

/** The connection stands in it, so that two rows of one address do not look alike. */
function addressHash(connection: ConnectionId, email: string): string {
  return hashOf(`${connection}/${email.trim().toLowerCase()}`);
}

function hintOf(email: string): string {
  const [local = '', domain = ''] = email.trim().toLowerCase().split('@');
  return `${local.slice(0, 1)}…@${domain}`;
}

export function peopleStore(db: Db): PeopleStore {
  const { kysely } = db;
  return {
    async signedIn(person, at) {
      const row = {
        id: newId(),
        location: person.location,
        org_id: person.orgId,
        user_id: person.userId,
        name: storable(person.name),
        created_at: at,
        seen_at: at,
      };
      const saved = await kysely
        .insertInto('people')
        .values(row)
        .onConflict((conflict) =>
          conflict.columns(['location', 'org_id', 'user_id']).doUpdateSet({ name: row.name, seen_at: at }),
        )
        .returningAll()
        .executeTakeFirstOrThrow();
      return personOf(saved);
    },
    async ofUser({ location, orgId, userId }) {
      const row = await kysely
        .selectFrom('people')
        .selectAll()
        .where('location', '=', location)
        .where('org_id', '=', orgId)
        .where('user_id', '=', userId)
        .executeTakeFirst();
      return row ? personOf(row) : null;
    },
    async byId(id) {
      const row = await kysely.selectFrom('people').selectAll().where('id', '=', id).executeTakeFirst();
      return row ? personOf(row) : null;
    },
    async membershipsOf(personId) {
      const rows = await kysely
        .selectFrom('memberships')
        .innerJoin('people', 'people.id', 'memberships.person_id')
        // The sync tells who has left the firm sooner than the next sign-in would.
        .leftJoin('crm_users', (join) =>
          join
            .onRef('crm_users.connection_id', '=', 'memberships.connection_id')
            .onRef('crm_users.id', '=', 'people.user_id'),
        )
        .selectAll('memberships')
        .where('memberships.person_id', '=', personId)
        .where((eb) => eb.or([eb('crm_users.active', 'is', null), eb('crm_users.active', '=', true)]))
        .orderBy('memberships.connection_id')
        .execute();
      return rows.map(membershipOf);
    },
    members: (connection) => membersOf(kysely, connection),
    async setMembership({ connection, personId, role, origin }, at) {
      await kysely
        .insertInto('memberships')
        .values({ connection_id: connection, person_id: personId, role, origin, created_at: at })
        .onConflict((conflict) =>
          conflict.columns(['connection_id', 'person_id']).doUpdateSet({ role, origin }),
        )
        .execute();
    },
    endMembership: (connection, personId) =>
      kysely.transaction().execute((trx) => endRole(trx, connection, personId)),
    setRole: (connection, personId, role) =>
      changed(db, connection, personId, async (trx, member) => {
        if (role !== 'admin') await requireOtherAdmin(trx, member);
        await trx
          .updateTable('memberships')
          .set({ role, origin: 'invited' })
          .where('connection_id', '=', connection)
          .where('person_id', '=', personId)
          .execute();
      }),
    removeMember: (connection, personId) =>
      changed(db, connection, personId, async (trx, member) => {
        await requireOtherAdmin(trx, member);
        await endRole(trx, connection, personId);
        await trx.deleteFrom('sessions').where('person_id', '=', personId).execute();
      }),
    async invite({ connection, email, role, createdBy, at, expiresAt }) {
      const row = {
        id: newId(),
        connection_id: connection,
        address_hash: addressHash(connection, email),
        hint: storable(hintOf(email)),
        role,
        created_by: createdBy,
        created_at: at,
        expires_at: expiresAt,
      };
      const { address_hash: _hash, connection_id: _connection, ...renewed } = row;
      const saved = await kysely
        .insertInto('invitations')
        .values(row)
        .onConflict((conflict) => conflict.columns(['connection_id', 'address_hash']).doUpdateSet(renewed))
        .returningAll()
        .executeTakeFirstOrThrow();
      return invitationOf(saved);
    },
    async invitations(connection, now) {
      const rows = await kysely
        .selectFrom('invitations')
        .selectAll()
        .where('connection_id', '=', connection)
        .where('expires_at', '>', now)
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      return rows.map(invitationOf);
    },
    async withdraw(connection, id) {
      const row = await kysely
        .deleteFrom('invitations')
        .where('connection_id', '=', connection)
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst();
      return row ? invitationOf(row) : null;
    },
    async accept(connection, email, now) {
      const row = await kysely
        .deleteFrom('invitations')
        .where('connection_id', '=', connection)
        .where('address_hash', '=', addressHash(connection, email))
        .returningAll()
        .executeTakeFirst();
      return row && row.expires_at > now ? invitationOf(row) : null;
    },
  };
}

/** One writer at a time, so that two administrators who remove each other do not both succeed. */
async function changed(
  db: Db,
  connection: ConnectionId,
  personId: string,
  change: (trx: Kysely<Tables>, member: Member) => Promise<void>,
): Promise<Member | null> {
  return db.kysely.transaction().execute(async (trx) => {
    await holdConnection(db, trx, connection);
    const member = (await membersOf(trx, connection)).find((one) => one.personId === personId);
    if (!member) return null;
    await change(trx, member);
    return member;
  });
}

/** With it goes what the person allowed programs on that connection: a role that comes back later brings none of it back. */
async function endRole(trx: Kysely<Tables>, connection: ConnectionId, personId: string): Promise<void> {
  for (const table of ['memberships', 'oauth_grants'] as const) {
    await trx
      .deleteFrom(table)
      .where('connection_id', '=', connection)
      .where('person_id', '=', personId)
      .execute();
  }
  await removeOwnViews(trx, connection, personId);
}

async function requireOtherAdmin(trx: Kysely<Tables>, member: Member): Promise<void> {
  if (member.role !== 'admin') return;
  const members = await membersOf(trx, member.connection);
  if (members.some(({ personId, role }) => role === 'admin' && personId !== member.personId)) return;
  throw new ConflictError(
    `${member.name} is the last administrator of this connection; make somebody else administrator first`,
  );
}

async function membersOf(kysely: Kysely<Tables>, connection: ConnectionId): Promise<Member[]> {
  const rows = await kysely
    .selectFrom('memberships')
    .innerJoin('people', 'people.id', 'memberships.person_id')
    .selectAll('memberships')
    .select(['people.name', 'people.seen_at'])
    .where('memberships.connection_id', '=', connection)
    .orderBy('people.name')
    .orderBy('people.id')
    .execute();
  return rows.map((row) => ({
    ...membershipOf(row),
    name: row.name,
    seenAt: row.seen_at,
    createdAt: row.created_at,
  }));
}

function personOf(row: Selectable<Tables['people']>): Person {
  return { id: row.id, location: row.location, orgId: row.org_id, userId: row.user_id, name: row.name };
}

// The casts: both columns are written from a Membership only.
function membershipOf(row: Selectable<Tables['memberships']>): Membership {
  return {
    connection: row.connection_id,
    personId: row.person_id,
    role: row.role as Membership['role'],
    origin: row.origin as Membership['origin'],
  };
}

function invitationOf(row: Selectable<Tables['invitations']>): Invitation {
  return {
    id: row.id,
    connection: row.connection_id,
    hint: row.hint,
    role: row.role as Invitation['role'], // written from an Invitation only
    createdBy: row.created_by,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}
