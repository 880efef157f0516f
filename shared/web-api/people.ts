/**
 * People with an account: what who administers them asks of the service, and what they do themselves by a link.
 * As in `web-api.ts`: paths under /web/api, refusals with stable codes, instants in ISO 8601.
 */
import { z } from "zod";
import { accountRightSchema } from "./account-right.ts";
import { personFactorsSchema } from "./second-factor.ts";

const instantSchema = z.iso.datetime({ offset: true });

/** invited: has no password yet. locked: does not come in. */
const accountStateSchema = z.enum(["invited", "active", "locked"]);

export const personSchema = z.object({
  username: z.string(),
  fullName: z.string(),
  mail: z.string().nullable(),
  state: accountStateSchema,
  /** Null where it was not kept yet, and `latestSignInUtc` before the first. */
  createdUtc: instantSchema.nullable(),
  latestSignInUtc: instantSchema.nullable(),
  passwordChangedUtc: instantSchema.nullable(),
});
export type WebPerson = z.infer<typeof personSchema>;

const MOST_RIGHTS = 64;

/** POST /web/api/people/{username}/rights and /web/api/groups/{groupId}/rights: these, and no others. */
export const givenRightsSchema = z.object({ rights: z.array(accountRightSchema).max(MOST_RIGHTS) });

const groupSchema = z.object({
  groupId: z.string(),
  name: z.string(),
  /** How many people are in it. */
  members: z.number(),
  rights: z.array(accountRightSchema),
});
export type WebGroup = z.infer<typeof groupSchema>;

/** GET /web/api/groups: by name. POST …/{groupId}/remove answers the same; 409 GROUP_HAS_RIGHTS. */
export const groupListSchema = z.object({ groups: z.array(groupSchema) });

/** GET /web/api/groups/{groupId}; POST /web/api/groups, …/rename, …/members and …/rights answer the same. */
export const groupAnswerSchema = z.object({
  group: groupSchema,
  people: z.array(personSchema),
  /** On how many cases, evidences and departments the group was given something. */
  policies: z.number(),
});
export type WebGroupAnswer = z.infer<typeof groupAnswerSchema>;

/** POST /web/api/groups and …/{groupId}/rename: 409 GROUP_THERE where a name reads alike. */
export const groupNameSchema = z.object({ name: z.string().min(1).max(200) });

/** POST /web/api/groups/{groupId}/members */
export const membershipSchema = z.object({ username: z.string(), isMember: z.boolean() });

/** GET /web/api/people?text&continuation: by user name. */
export const peoplePageSchema = z.object({
  people: z.array(personSchema),
  continuation: z.string().nullable(),
});

/** Where a person is signed in. What may be null was not kept yet when they signed in. */
export const signInRecordSchema = z.object({
  signInId: z.string(),
  createdUtc: instantSchema.nullable(),
  /** To a minute. */
  seenUtc: instantSchema.nullable(),
  expiresUtc: instantSchema,
  /** Address, or network where it is one of IPv6. */
  network: z.string().nullable(),
  /** As the browser calls itself. */
  browser: z.string().nullable(),
  /** Whether it is the one that asks. */
  isThisOne: z.boolean(),
});
export type WebSignInRecord = z.infer<typeof signInRecordSchema>;

/** GET /web/api/people/{username}; POST …/edit, …/lock, …/unlock, …/sign-ins/end and …/second-factor/reset answer the same. */
export const personAnswerSchema = z.object({
  person: personSchema,
  /** Its own; those of its groups stand with them. */
  rights: z.array(accountRightSchema),
  groups: z.array(groupSchema),
  secondFactor: personFactorsSchema,
  /** Latest first. */
  signIns: z.array(signInRecordSchema),
  /** A link that was made and not used; null where there is none that still works. */
  link: z.object({ kind: z.enum(["invitation", "reset"]), expiresUtc: instantSchema }).nullable(),
});
export type WebPersonAnswer = z.infer<typeof personAnswerSchema>;

const MOST_CHARACTERS = 200;
const MOST_OF_USER_NAME = 64;

const fullNameSchema = z.string().min(1).max(MOST_CHARACTERS);
const mailSchema = z.email().max(254).nullable();

/** POST /web/api/people/{username}/edit */
export const personChangeSchema = z.object({ fullName: fullNameSchema, mail: mailSchema });
export type PersonChange = z.infer<typeof personChangeSchema>;

/** POST /web/api/people: 409 PERSON_THERE where a user name reads alike. */
export const newPersonSchema = personChangeSchema.extend({
  username: z.string().min(1).max(MOST_OF_USER_NAME),
});
export type NewPerson = z.infer<typeof newPersonSchema>;

/** POST /web/api/people/{username}/sign-ins/end; null for all of them. */
export const endedSignInSchema = z.object({ signInId: z.string().nullable() });

/** POST /web/api/people and …/{username}/link: a link by which the person sets a password, once. */
export const madeLinkSchema = z.object({
  person: personSchema,
  expiresUtc: instantSchema,
  /** Whether it was sent to the person's mail address; where not, it is shown this once. */
  isSent: z.boolean(),
  /** Null where it was sent: then nobody else needs to know it. */
  url: z.string().nullable(),
});
export type WebMadeLink = z.infer<typeof madeLinkSchema>;

/** POST /web/api/link: whose it is, before a password is set with it. 410 LINK_NOT_GOOD. */
export const linkTokenSchema = z.object({ token: z.string().min(1).max(128) });
export const linkAnswerSchema = z.object({
  kind: z.enum(["invitation", "reset"]),
  username: z.string(),
  fullName: z.string(),
  expiresUtc: instantSchema,
});
export type WebLink = z.infer<typeof linkAnswerSchema>;

/** As long as a sign-in takes; how short it may be the service says. */
const newPasswordSchema = z.string().min(1).max(1024);

/**
 * POST /web/api/link/password: sets the password; then the person signs in with it. 410 LINK_NOT_GOOD; 400
 * PASSWORD_TOO_SHORT, PASSWORD_KNOWN, PASSWORD_REPEATS, PASSWORD_NAMES.
 */
export const passwordByLinkSchema = linkTokenSchema.extend({ password: newPasswordSchema });
export const passwordSetSchema = z.object({ username: z.string() });

/** GET /web/api/my-account; POST …/sign-ins/end and …/password answer the same. */
export const ownAccountSchema = z.object({
  person: personSchema,
  signIns: z.array(signInRecordSchema),
});
export type WebOwnAccount = z.infer<typeof ownAccountSchema>;

/** GET /web/api/my-account/activity: what is unusual of the last 30 days, latest first. */
export const ownActivitySchema = z.object({
  activity: z.array(
    z.object({
      /** Of the audit trail. */
      seq: z.number(),
      /** As the trail names it. */
      action: z.string(),
      atUtc: instantSchema,
      /** Null where there is nothing to count. */
      tries: z.number().nullable(),
    }),
  ),
});
export type WebOwnActivity = z.infer<typeof ownActivitySchema>;

/** POST /web/api/my-account/password: 401 WRONG_PASSWORD, and as by a link. Ends the person's other sign-ins. */
export const ownPasswordSchema = z.object({
  current: z.string().min(1).max(1024),
  password: newPasswordSchema,
});

/** GET /web/api/refused-sign-ins: wrong passwords of the last seven days, those with the most first. */
export const refusedSignInsSchema = z.object({
  sinceUtc: instantSchema,
  byAccount: z.array(
    z.object({
      /** Null for all names that nobody has. */
      username: z.string().nullable(),
      tries: z.number(),
      networks: z.number(),
      latestUtc: instantSchema,
      /** Whether so many came within a minute that further ones were not looked at. */
      wasStopped: z.boolean(),
    }),
  ),
  byNetwork: z.array(
    z.object({
      network: z.string(),
      tries: z.number(),
      accounts: z.number(),
      latestUtc: instantSchema,
      wasStopped: z.boolean(),
    }),
  ),
});
export type WebRefusedSignIns = z.infer<typeof refusedSignInsSchema>;
