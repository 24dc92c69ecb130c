import { z } from 'zod';
import { ConflictError, NotFoundError } from '../../errors.ts';
import type { Invitation, Member } from '../../store/access-stores.ts';
import { type ApiRoute, defineRoute } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import { Instant } from '../api-schemas.ts';

/** Who may see or change a connection. Administrators of the Zoho org need no invitation. */

const tag = 'Access';
const Role = z.enum(['admin', 'viewer']);
const ShownMember = z.strictObject({
  id: z.string(),
  name: z.string(),
  role: Role,
  origin: z.enum(['org_admin', 'invited']).meta({
    description: 'org_admin: administrator in Zoho, and so here; invited: by somebody here',
  }),
  lastSignInAt: Instant,
});
const ShownInvitation = z.strictObject({
  id: z.string(),
  address: z.string().meta({ description: 'A hint; the address itself is not stored' }),
  role: Role,
  expiresAt: Instant,
});
const OfMember = z.strictObject({ member: z.string().max(40) });
const OfInvitation = z.strictObject({ invitation: z.string().max(40) });
const DAY_MS = 86_400_000;

export function memberRoutes({ store, clock }: Pick<ApiDeps, 'store' | 'clock'>): ApiRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/members',
      summary: 'People with a role on the connection, and who is invited',
      tag,
      answer: z.strictObject({ members: z.array(ShownMember), invitations: z.array(ShownInvitation) }),
      handle: async ({ connection }) => ({
        members: (await store.people.members(connection.id)).map(shownMember),
        invitations: (await store.people.invitations(connection.id, clock.now())).map(shownInvitation),
      }),
    }),
    defineRoute({
      method: 'POST',
      path: '/connections/{connection}/invitations',
      action: 'invitation.add',
      summary: 'Invite a user of the same Zoho org',
      description: 'They sign in with Zoho as a user with this address; the service sends no mail.',
      tag,
      status: 201,
      body: z
        .strictObject({
          email: z.email().max(254),
          role: Role.default('viewer'),
          days: z.int().min(1).max(90).default(14),
        })
        .meta({ example: { email: 'bo@firm.test', role: 'viewer', days: 14 } }),
      answer: ShownInvitation,
      async handle({ connection, body, principal, note }) {
        const at = clock.now();
        const invited = await store.people.invite({
          connection: connection.id,
          email: body.email,
          role: body.role,
          createdBy: `${principal.kind}:${principal.id}`,
          at,
          expiresAt: new Date(at.getTime() + body.days * DAY_MS),
        });
        note({ target: invited.hint, after: { role: body.role } });
        return shownInvitation(invited);
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/connections/{connection}/invitations/{invitation}',
      action: 'invitation.withdraw',
      summary: 'Withdraw an invitation',
      tag,
      params: OfInvitation,
      answer: ShownInvitation,
      async handle({ connection, params, note }) {
        const gone = await store.people.withdraw(connection.id, params.invitation);
        if (gone === null) throw new NotFoundError('there is no such invitation');
        note({ target: gone.hint, before: { role: gone.role } });
        return shownInvitation(gone);
      },
    }),
    defineRoute({
      method: 'PATCH',
      path: '/connections/{connection}/members/{member}',
      action: 'member.set',
      summary: 'Set the role of somebody',
      tag,
      params: OfMember,
      body: z.strictObject({ role: Role }).meta({ example: { role: 'viewer' } }),
      answer: ShownMember,
      async handle({ connection, params, body, note }) {
        const member = await memberOf(connection.id, params.member);
        await store.people.setRole(connection.id, member.personId, body.role);
        note({ target: `user:${member.personId}`, before: { role: member.role }, after: body });
        return shownMember({ ...member, role: body.role });
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/connections/{connection}/members/{member}',
      action: 'member.remove',
      summary: 'Take the access of somebody away, and sign them out',
      tag,
      params: OfMember,
      answer: ShownMember,
      async handle({ connection, params, note }) {
        const member = await memberOf(connection.id, params.member);
        await store.people.removeMember(connection.id, member.personId);
        note({ target: `user:${member.personId}`, before: { role: member.role } });
        return shownMember(member);
      },
    }),
  ];

  /** Throws ConflictError for an administrator by Zoho's word: the next sign-in would undo what is done here. */
  async function memberOf(connection: string, id: string): Promise<Member> {
    const member = (await store.people.members(connection)).find(({ personId }) => personId === id);
    if (member === undefined) throw new NotFoundError('there is no such member');
    if (member.origin !== 'org_admin') return member;
    throw new ConflictError(
      `${member.name} is administrator in Zoho and so here; change the profile in Zoho, or deactivate the user there`,
    );
  }
}

function shownMember({ personId, name, role, origin, seenAt }: Member) {
  return { id: personId, name, role, origin, lastSignInAt: seenAt.toISOString() };
}

function shownInvitation({ id, hint, role, expiresAt }: Invitation) {
  return { id, address: hint, role, expiresAt: expiresAt.toISOString() };
}
