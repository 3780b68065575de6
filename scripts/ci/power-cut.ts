import { execFileSync } from 'node:child_process';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** An ext4 file system in an image, whose power can be cut: what its cache had not written is gone, as if the machine had lost its current. */
export class PowerCutDisk {
  readonly path: string;
  readonly #image: string;
  #mounted = false;

  private constructor(root: string) {
    this.#image = join(root, 'image');
    this.path = join(root, 'mounted');
  }

  /** The disk, mounted, or why there is none. */
  static create(root: string, mebibytes: number): PowerCutDisk | string {
    if (process.platform !== 'linux') return 'a power cut is played on Linux only';
    if (process.getuid?.() !== 0) return 'mounting an image needs root';
    const disk = new PowerCutDisk(root);
    try {
      writeFileSync(disk.#image, '');
      truncateSync(disk.#image, mebibytes * 1024 * 1024);
      run('mkfs.ext4', ['-q', '-F', disk.#image]);
      mkdirSync(disk.path);
      disk.mount();
      return disk;
    } catch (error) {
      return `no image can be mounted here (${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)})`;
    }
  }

  mount(): void {
    run('mount', ['-o', 'loop', this.#image, this.path]);
    this.#mounted = true;
  }

  /** EXT4_IOC_SHUTDOWN without a flush of its journal (linux/fs/ext4/ext4.h); then mounted again, which replays what had reached the journal. */
  cut(): void {
    const program =
      'open(my $d, "<", $ARGV[0]) or die "open: $!"; my $flag = pack("L", 2); ioctl($d, 0x8004587d, $flag) or die "ioctl: $!";';
    run('perl', ['-e', program, this.path]);
  }

  unmount(): void {
    if (this.#mounted) run('umount', [this.path]);
    this.#mounted = false;
  }
}

function run(name: string, args: readonly string[]): void {
  execFileSync(name, args, { stdio: 'pipe', timeout: 60_000 });
}
