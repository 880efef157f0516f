/**
 * The tables of the evidence service, as Kysely sees them. Instants are milliseconds UTC (`…UtcMs`),
 * lists and records are JSON text, `seq` numbers rows in the order of their creation and is what
 * lists are paged by. Column types are those that SQLite and PostgreSQL share.
 */
import type { Generated, Kysely, Transaction } from "kysely";
import type {
  AccessIndexTable,
  AccessPolicyTable,
  AccountRightTable,
  GroupMemberTable,
  PersonGroupTable,
  RightHolderTable,
} from "./access-tables.ts";
import type {
  AuthenticatorAppTable,
  HalfSignInTable,
  PasskeyTable,
  RecoveryCodeTable,
  UsedChallengeTable,
} from "./factor-tables.ts";
import type { CaseNoteTable, CaseNoteTextTable } from "./casework-tables.ts";
import type { CategoryTable, DepartmentTable, FieldTemplateTable } from "./catalogue-tables.ts";
import type { BinnedTable, ProtectionTable } from "./retention-tables.ts";
import type {
  KnownNetworkTable,
  PersonLinkTable,
  RefusedSignInTable,
  SignInTable,
  WebUserTable,
} from "./person-tables.ts";

export interface ServiceAccountTable {
  principalId: string;
  name: string;
  /** The first key, which a service of a version from before there could be several goes by; see `accountKey`. */
  publicJwkJson: string;
  /** What it began with; what it may do now are rows of its rights. */
  role: string;
  /** Of a locked one nothing is taken and nothing given. */
  state: Generated<"active" | "locked">;
  /** Null in rows from before it was kept. */
  createdUtcMs: number | null;
}

/** A key with which a service account signs in. */
export interface AccountKeyTable {
  principalId: string;
  /** Thumbprint of the public key (RFC 7638, SHA-256, base64url). */
  keyId: string;
  publicJwkJson: string;
  /** Null of keys from before it was kept. */
  createdUtcMs: number | null;
  /** As the audit trail names who made it. */
  createdBy: string | null;
  /** When a log-on was signed with it last; null where that was never, or not kept. */
  latestUseUtcMs: number | null;
}

/** Assertions already used, for as long as somebody might take them for good: a second use is a replay. */
export interface UsedAssertionTable {
  principalId: string;
  jti: string;
  expiresUtcMs: number;
  /** When it was used, in time that passed while the service watched; 0 in rows from before that was kept. */
  usedWatchedMs: Generated<number>;
}

export interface CaseTable {
  seq: Generated<number>;
  caseId: string;
  principalId: string;
  externalId: string;
  name: string;
  departmentId: string;
  categoryId: string | null;
  recordNumber: string;
  incidentNumber: string;
  incidentStartUtcMs: number | null;
  incidentEndUtcMs: number | null;
  description: string;
  location: string;
  tagsJson: string;
  customFieldsJson: string;
  state: "Open" | "Closed";
  /** Since when it is closed; null while it is open, and where a program of before closed it. */
  closedUtcMs: number | null;
  createdBy: string;
  /** The person that the account named; null where it named none. */
  createdOnBehalfOf: string | null;
  createdUtcMs: number;
  /** The words by which it is found; an index of them follows by itself. */
  searchText: string;
}

export interface EvidenceTable {
  seq: Generated<number>;
  evidenceId: string;
  principalId: string;
  externalId: string;
  name: string;
  description: string;
  startUtcMs: number;
  endUtcMs: number;
  caseId: string | null;
  deviceJson: string;
  createdBy: string;
  /** The person that the account named; null where it named none. */
  createdOnBehalfOf: string | null;
  createdUtcMs: number;
  lifecycleState: "Receiving" | "Processing" | "Available" | "Failed" | "Deleted";
  lifecycleDetail: string | null;
  /** What completed it (canonical JSON), so that the same completion may be sent twice. */
  completionJson: string | null;
  searchText: string;
}

/** How long nothing has come of an evidence that is not complete. */
export interface ReceivingTable {
  evidenceId: string;
  /** Stands for what had arrived at the last look; another text is progress. */
  progress: string;
  /** Counted while the service watched, whatever the clock said. */
  idleMs: number;
  /** 1: the trail says that it is older than what is purged, and kept. */
  isKeptTold: number;
}

/** A file whose evidence was purged, for as long as somebody may still write at an address of it. */
export interface PurgedBlobTable {
  blobName: string;
  /** Of that time, counted while the service watched. */
  leftMs: number;
}

export interface ResourceTable {
  seq: Generated<number>;
  resourceId: string;
  evidenceId: string;
  externalId: string | null;
  name: string;
  mimeType: string;
  startUtcMs: number;
  endUtcMs: number;
  state: "Created" | "UserCompleted" | "Derived";
  lengthBytes: number | null;
  uploadedUtcMs: number | null;
  uploadedBy: string | null;
  parentResourceId: string | null;
  /** Of the file's encryption; null until it is complete, and for files from before this was kept. */
  encryptionProtocol: "1.0" | "2.0" | null;
  /** Checksum of the stored bytes as declared and checked at the evidence's completion. */
  checksumAlgorithm: "Sha512" | "Sha384" | "Sha256" | null;
  checksumHex: string | null;
}

/** A blob whose content is committed. Its bytes are its committed blocks, one after the other. */
export interface BlobTable {
  blobName: string;
  lengthBytes: number;
  etag: string;
  contentType: string;
  contentMd5: string | null;
  metadataJson: string;
  committedUtcMs: number;
  /** 1: accepted into an evidence, never written again. */
  sealed: number;
}

/**
 * A list of blocks. A blob has at most one that is `Committed`, which is its content, and one that is `Staged`: blocks
 * that wait to be committed. `Unused` are lists that are being written, and such that were left and are being taken
 * away; the next start takes away what is left of them.
 */
export interface BlockListTable {
  list: Generated<number>;
  blobName: string;
  state: "Committed" | "Staged" | "Unused";
  blocks: number;
  lengthBytes: number;
}

/** A block whose bytes are on the disk, in a list that is not staged. */
export interface CommittedBlockTable {
  list: number;
  /** First byte of the block within the list's content. */
  startByte: number;
  blockId: string;
  fileName: string;
  lengthBytes: number;
}

/** A block whose bytes are on the disk and that waits to be committed. */
export interface StagedBlockTable {
  list: number;
  blockId: string;
  fileName: string;
  lengthBytes: number;
}

/** An upload to a bucket of which an object is put together from parts. */
export interface ObjectUploadTable {
  /** The object's name within its blob. */
  object: string;
  blobName: string;
  /** The store's name of the upload. */
  uploadId: string;
  /** `Closed`: its parts are what was acknowledged, and make the object; nothing is added. */
  state: "Open" | "Closed";
}

/** A part that holds acknowledged blocks. */
export interface ObjectPartTable {
  object: string;
  partNumber: number;
  etag: string;
  lengthBytes: number;
}

/** A blob in Azure that was sealed, and the snapshot (Azure's name of it) that is its content for good. */
export interface SealedBlobTable {
  blobName: string;
  snapshot: string;
}

/** SQLite's alone: in PostgreSQL jobs are pg-boss's. One that is done goes. */
export interface JobTable {
  seq: Generated<number>;
  kind: string;
  subject: string;
  state: "Waiting" | "Running" | "Failed";
  /** How often it was begun. */
  attempts: number;
  notBeforeUtcMs: number;
  /** Since when it is in this state. */
  sinceUtcMs: number;
  detail: string | null;
}

/** A job that some process runs, and how far it has come; both null where it does not tell. */
export interface RunningJobTable {
  kind: string;
  jobId: string;
  subject: string;
  startedUtcMs: number;
  done: number | null;
  total: number | null;
}

/** A verification of every stored byte of all evidence, one after the other. */
export interface VerificationRunTable {
  seq: Generated<number>;
  runId: string;
  startedBy: string;
  startedUtcMs: number;
  /** Null while it is under way. */
  endedUtcMs: number | null;
  /** Why it ended before everything was verified; null where it did not. */
  endedBecause: string | null;
  /** `seq` of the latest evidence that was verified. */
  afterSeq: number;
  checked: number;
  /** How many of them did not agree. */
  differing: number;
}

/** Jobs from before pg-boss, until a service of now takes them over. */
export interface EarlierJobTable {
  kind: string;
  subject: string;
}

/** A key with which a console signs manifests, as the account that sends for it registered it. */
export interface DeviceKeyTable {
  principalId: string;
  /** Lower-case hex of the SHA-256 of the raw key. */
  keyId: string;
  /** Raw Ed25519 key, base64. */
  publicKey: string;
  name: string;
  registeredUtcMs: number;
}

/** Which of the service's keys opens the key of a completed file. */
export interface ContentKeyTable {
  resourceId: string;
  /** Empty where no key that the service held could open it. */
  keyId: string;
  /** Base64, wrapped for that key; null where the file's own metadata have it. */
  encryptedKey: string | null;
}

/** The latest verification of an evidence against its manifest. */
export interface VerificationTable {
  evidenceId: string;
  outcome: "verified" | "failed" | "absent";
  depth: "stored" | "whole";
  checkedUtcMs: number;
  keyId: string | null;
  differencesJson: string;
}

export interface AuditTable {
  seq: number;
  prevHash: string;
  /** Canonical JSON of the entry. */
  entryJson: string;
  hash: string;
}

/** By what entries of the trail are found; it follows from the trail (`audit/audit-index.ts`). */
export interface AuditIndexTable {
  seq: number;
  atUtcMs: number;
  actor: string;
  action: string;
  subject: string;
  /** What the subject is. */
  about: string;
  /** The evidence that it is, or is a file of; null for none. */
  evidenceId: string | null;
  /** The case that it is, or that the evidence was in then; null for none. */
  caseId: string | null;
}

/** Whose history an entry belongs to. */
export interface AuditScopeTable {
  /** `case:ID`, `evidence:ID`, `user:NAME` or `service:ID`. */
  scope: string;
  seq: number;
}

export interface SettingTable {
  name: string;
  value: string;
}

export interface Tables {
  serviceAccount: ServiceAccountTable;
  accountKey: AccountKeyTable;
  usedAssertion: UsedAssertionTable;
  department: DepartmentTable;
  category: CategoryTable;
  fieldTemplate: FieldTemplateTable;
  caseFile: CaseTable;
  caseNote: CaseNoteTable;
  caseNoteText: CaseNoteTextTable;
  evidence: EvidenceTable;
  receiving: ReceivingTable;
  binned: BinnedTable;
  protection: ProtectionTable;
  purgedBlob: PurgedBlobTable;
  resource: ResourceTable;
  contentKey: ContentKeyTable;
  blob: BlobTable;
  blockList: BlockListTable;
  committedBlock: CommittedBlockTable;
  stagedBlock: StagedBlockTable;
  objectUpload: ObjectUploadTable;
  objectPart: ObjectPartTable;
  sealedBlob: SealedBlobTable;
  job: JobTable;
  earlierJob: EarlierJobTable;
  runningJob: RunningJobTable;
  verificationRun: VerificationRunTable;
  deviceKey: DeviceKeyTable;
  verification: VerificationTable;
  webUser: WebUserTable;
  webSession: SignInTable;
  personLink: PersonLinkTable;
  refusedSignIn: RefusedSignInTable;
  authenticatorApp: AuthenticatorAppTable;
  recoveryCode: RecoveryCodeTable;
  halfSignIn: HalfSignInTable;
  passkey: PasskeyTable;
  usedChallenge: UsedChallengeTable;
  knownNetwork: KnownNetworkTable;
  audit: AuditTable;
  auditIndex: AuditIndexTable;
  auditScope: AuditScopeTable;
  setting: SettingTable;
  rightHolder: RightHolderTable;
  personGroup: PersonGroupTable;
  groupMember: GroupMemberTable;
  accountRight: AccountRightTable;
  accessPolicy: AccessPolicyTable;
  accessIndex: AccessIndexTable;
}

/**
 * The metadata port. Promises of every adapter: a transaction that resolved is on stable storage;
 * transactions are serialisable; one that throws leaves nothing behind.
 */
export type Metadata = Kysely<Tables>;
export type MetadataTransaction = Transaction<Tables>;
