/** What an export waits or fails for on the console's own disks. */
import { BY_ITSELF, type FailureAdvice } from "./advice.ts";

export const SPOOL_ADVICE = {
  JOURNAL_DISK_FULL: {
    cause: "The console's own disk is full, and what cannot be written down would be lost with a power cut.",
    action: "Free up space on that disk; it goes on by itself.",
  },
  JOURNAL_NOT_WRITTEN: {
    cause: "The console's own disk does not take what is written, as one that fails or can only be read.",
    action: "Have your administrator look at that disk; once it can be written, it goes on by itself.",
  },
  SPOOL_FULL: {
    cause: "The spool is full of bytes that wait to be sent.",
    action: "Nothing needs to be done unless uploads stand still.",
  },
  SPOOL_DISK_FULL: {
    cause: "The disk of the spool folder has no room beyond its reserve.",
    action: "Free space on it; the export goes on by itself.",
  },
  SPOOL_DISK_QUOTA: {
    cause: "The system allows this user only so much on the disk of the spool folder.",
    action: "Have the quota raised, or files of this user removed; the export goes on by itself.",
  },
  SPOOL_PART_TOO_LARGE: {
    cause: "An hour of this camera is larger than the whole disk of the spool folder.",
    action: "Have an administrator choose a spool folder on a larger disk in the settings, then press Retry.",
  },
  SPOOL_FILE_TOO_LARGE: {
    cause: "The disk is formatted for files of at most 4 GiB (FAT32), or the system limits their size.",
    action: "Have an administrator choose a spool folder on another disk in the settings, then press Retry.",
  },
  SPOOL_READ_ONLY: {
    cause: "The disk is protected, or the system stopped writing to it after an error.",
    action: "Have an administrator make it writable or choose another; the export goes on by itself.",
  },
  SPOOL_ACCESS_DENIED: {
    cause: "The rights of the spool folder were changed, or it belongs to another user.",
    action: "Have an administrator give the rights back or choose another; the export goes on by itself.",
  },
  SPOOL_FOLDER_MISSING: {
    cause: "Its disk is not plugged in or not mounted, or somebody moved or removed the folder.",
    action: "Connect the disk, or bring the folder back; the export goes on by itself.",
  },
  SPOOL_NOT_A_FOLDER: {
    cause: "The folder was removed, and a file of its name, or of a folder above it, was made.",
    action: "Remove the file or choose another folder in the settings; the export goes on by itself.",
  },
  SPOOL_DISK_FAILING: {
    cause: "Reading or writing failed on the disk itself.",
    action: "Tell your administrator: the disk may be failing. It is tried again by itself.",
  },
  SPOOL_DISK_UNSUITABLE: {
    cause: "The disk's format or its driver lacks a call on which the spool depends, such as fsync.",
    action: "Have an administrator choose a spool folder on another disk in the settings, then press Retry.",
  },
  SPOOL_SHARE_AWAY: {
    cause: "The line to the computer that shares the folder is cut, or it has stopped.",
    action: BY_ITSELF,
  },
  SPOOL_DISK_SILENT: {
    cause: "The folder's disk, or the computer that shares it, has stopped answering without saying so.",
    action:
      "Tell your administrator. It goes on by itself once the disk answers, or another folder is chosen in the settings.",
  },
  SPOOL_TOO_MANY_OPEN: {
    cause: "This program, or all together, have as many files open as the system allows.",
    action: BY_ITSELF,
  },
  SPOOL_NOT_WRITABLE: {
    cause: "The system refused the spool folder for a reason that the console does not know.",
    action: "Have an administrator check the spool folder in the settings; it is tried again by itself.",
  },
  SPOOL_FILE_LOST: {
    cause: "Something removes encrypted files from the spool: this one was made anew three times.",
    action:
      "Bring the disk back or have another spool folder chosen, then press Retry: the file is made anew from the archive.",
  },
  SPOOL_FILE_DAMAGED: {
    cause:
      "Another program changes files in the spool, or its disk is failing: it was made anew three times.",
    action:
      "Tell your administrator about the disk. Once another spool folder is chosen, press Retry: the file is made anew from the archive.",
  },
} as const satisfies Record<string, FailureAdvice>;
