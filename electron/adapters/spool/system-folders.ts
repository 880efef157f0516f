import { posix, win32 } from "node:path";

/** Why a path is the system's, or another program's, and not its user's. */
export interface SystemPlace {
  /**
   * `system`: this folder and all in it is the system's. `shared`: people and disks have their folders in it, and none of
   * them the whole. `program`: a program keeps in it what is its own.
   */
  readonly kind: "system" | "shared" | "program";
  readonly path: string;
}

interface Places {
  /** With all that lies in them. */
  readonly system: readonly string[];
  /** Exceptions to that. */
  readonly open: readonly string[];
  /** Themselves, not what lies in them. */
  readonly shared: readonly string[];
  /** Each folder in them is one program's. */
  readonly ofPrograms: readonly string[];
}

/** Filesystem Hierarchy Standard 3.0, with what distributions added: https://refspecs.linuxfoundation.org/FHS_3.0/fhs-3.0.html */
const LINUX: Places = {
  system: [
    ...[
      "/bin",
      "/boot",
      "/dev",
      "/efi",
      "/etc",
      "/gnu",
      "/lib",
      "/lib32",
      "/lib64",
      "/libx32",
      "/lost+found",
    ],
    ...["/nix", "/proc", "/run", "/sbin", "/snap", "/sys", "/usr", "/var"],
  ],
  open: ["/run/media", "/var/cache", "/var/lib", "/var/local", "/var/opt", "/var/spool", "/var/tmp"],
  shared: [
    ...["/home", "/media", "/mnt", "/opt", "/run/media", "/srv", "/tmp", "/var"],
    ...["/var/cache", "/var/lib", "/var/local", "/var/opt", "/var/spool", "/var/tmp"],
  ],
  ofPrograms: ["/opt", "/var/cache", "/var/lib", "/var/local", "/var/opt", "/var/spool"],
};

/** "File System Basics" of Apple's File System Programming Guide. `/etc`, `/tmp` and `/var` are links into `/private`. */
const MACOS: Places = {
  system: [
    ...[
      "/Applications",
      "/Library",
      "/Network",
      "/System",
      "/bin",
      "/cores",
      "/dev",
      "/private",
      "/sbin",
      "/usr",
    ],
  ],
  open: ["/private/tmp", "/private/var/folders", "/private/var/tmp"],
  shared: ["/Users", "/Volumes", "/opt", "/private/tmp", "/private/var/folders", "/private/var/tmp"],
  ofPrograms: ["/opt"],
};

/** Known folders of Windows, as its environment names them; and what each drive has. */
function windowsPlaces(env: NodeJS.ProcessEnv, drive: string): Places {
  const named = (...names: string[]) => names.flatMap((name) => env[name] ?? []);
  const onDrive = (...names: string[]) => names.map((name) => win32.join(drive, name));
  const programData = env["ProgramData"] ?? onDrive("ProgramData")[0] ?? "";
  return {
    system: [
      ...named("SystemRoot", "ProgramFiles", "ProgramFiles(x86)", "ProgramW6432"),
      ...onDrive(
        "Windows",
        "Program Files",
        "Program Files (x86)",
        "$Recycle.Bin",
        "System Volume Information",
      ),
      ...onDrive("Boot", "EFI", "PerfLogs", "Recovery"),
    ],
    open: [],
    shared: [...onDrive("Users"), programData],
    ofPrograms: [programData],
  };
}

/**
 * Where a path stands in the system's own order of folders.
 * @param real a full path, links followed
 * @returns null where it is an ordinary folder of somebody's
 */
export function systemPlaceOf(
  real: string,
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
): SystemPlace | null {
  const path = platform === "win32" ? win32 : posix;
  const isWithin = (outer: string, inner: string): boolean => {
    const way = path.relative(outer, inner);
    return way !== ".." && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
  };
  const places = placesOf(platform, env, path.parse(real).root);
  const isSame = (place: string): boolean => path.relative(place, real) === "";
  const shared = places.shared.find(isSame);
  if (shared !== undefined) return { kind: "shared", path: shared };
  const isOpen = places.open.some((place) => isWithin(place, real));
  const system = isOpen ? undefined : places.system.find((place) => isWithin(place, real));
  if (system !== undefined) return { kind: "system", path: system };
  const ofPrograms = places.ofPrograms.find((place) => isWithin(place, real));
  if (ofPrograms === undefined) return null;
  const [program = ""] = path.relative(ofPrograms, real).split(path.sep);
  return { kind: "program", path: path.join(ofPrograms, program) };
}

function placesOf(platform: NodeJS.Platform, env: NodeJS.ProcessEnv, drive: string): Places {
  if (platform === "win32") return windowsPlaces(env, drive);
  return platform === "darwin" ? MACOS : LINUX;
}

/** What the kernel of Linux shows of itself as files, by the number that statfs(2) gives (linux/magic.h). */
const NO_DISK: ReadonlySet<number> = new Set([
  0x9fa0, // proc
  0x62656572, // sysfs
  0x1cd1, // devpts
  0x27e0eb, // cgroup
  0x63677270, // cgroup2
  0x64626720, // debugfs
  0x74726163, // tracefs
  0x73636673, // securityfs
  0x62656570, // configfs
  0x6165676c, // pstore
  0xde5e81e4, // efivarfs
  0xcafe4a11, // bpf
  0xf97cff8c, // selinuxfs
  0x42494e4d, // binfmt_misc
  0x19800202, // mqueue
  0x958458f6, // hugetlbfs
]);

/** @param fileSystem its number as statfs(2) gives it */
export function isNoDisk(fileSystem: number, platform: NodeJS.Platform = process.platform): boolean {
  return platform === "linux" && NO_DISK.has(fileSystem);
}

/** On Windows another drive's root is a disk of its own; anywhere else a disk is mounted on a folder. */
export function isSystemRoot(
  path: string,
  platform: NodeJS.Platform = process.platform,
  systemDrive = process.env["SystemDrive"] ?? "C:",
): boolean {
  const { root } = (platform === "win32" ? win32 : posix).parse(path);
  if (path !== root) return false;
  return platform !== "win32" || root.toLowerCase().startsWith(systemDrive.toLowerCase());
}
