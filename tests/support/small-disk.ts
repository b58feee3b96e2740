import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

/** A file system of its own in memory, with a known end. */
export interface SmallDisk {
  readonly path: string;
  /** Takes all its room, but for so many bytes. */
  readonly fill: (leaveBytes?: number) => void;
  /** Gives back what was taken. */
  readonly free: () => void;
  /** Makes it as large as that. */
  readonly resize: (megabytes: number) => void;
  /** Whether nothing may be written to it from now on. */
  readonly protect: (isReadOnly: boolean) => void;
  readonly unmount: () => void;
}

const run = (command: string, ...args: string[]): boolean => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/**
 * Mounts a small disk on a new folder; undefined where that is not permitted: it takes root.
 * @param mostFiles how many files and folders it has room for, itself among them
 */
export function mountSmallDisk(path: string, megabytes: number, mostFiles?: number): SmallDisk | undefined {
  mkdirSync(path, { recursive: true });
  const options = `size=${megabytes}m,mode=777${mostFiles === undefined ? '' : `,nr_inodes=${mostFiles}`}`;
  if (process.getuid?.() !== 0 || !run('mount', '-t', 'tmpfs', '-o', options, 'tmpfs', path)) {
    return undefined;
  }
  const filler = join(path, 'filler');
  return {
    path,
    fill: (leaveBytes = 0) => {
      const { bavail, bsize } = statfsSync(path);
      appendFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - leaveBytes)));
    },
    free: () => {
      rmSync(filler, { force: true });
    },
    resize: (larger) => {
      run('mount', '-o', `remount,size=${larger}m`, path);
    },
    protect: (isReadOnly) => {
      if (!run('mount', '-o', `remount,${isReadOnly ? 'ro' : 'rw'}`, path)) throw new Error('the disk is in use');
    },
    unmount: () => {
      // A process that still has a file open there must not keep the mount.
      run('umount', '-l', path);
    },
  };
}

/** Whether small disks can be had here: once, for the tests that need them. */
export function canMount(folder: string): boolean {
  const path = join(folder, 'try');
  const disk = mountSmallDisk(path, 1);
  disk?.unmount();
  rmSync(path, { recursive: true, force: true });
  return disk !== undefined;
}
