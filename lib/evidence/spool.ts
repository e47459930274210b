import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";

const FLUSH_CHARACTERS = 262_144;

/** Text that is written to a file of its own, then read back: a second output of one pass over many rows. */
export class Spool {
  readonly #path: string;
  #file: FileHandle | null = null;
  #text = "";

  constructor(directory: string, name: string) {
    this.#path = join(directory, name);
  }

  async append(text: string): Promise<void> {
    this.#text += text;
    if (this.#text.length >= FLUSH_CHARACTERS) await this.#flush();
  }

  /** Everything appended, in chunks. Nothing may be appended afterwards. */
  async *read(): AsyncGenerator<Uint8Array> {
    await this.#flush();
    await this.close();
    yield* createReadStream(this.#path, { highWaterMark: FLUSH_CHARACTERS });
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = null;
  }

  async #flush(): Promise<void> {
    this.#file ??= await open(this.#path, "w");
    await this.#file.writeFile(this.#text);
    this.#text = "";
  }
}
