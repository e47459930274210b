import { notFound } from "next/navigation";
import { SluiceError } from "@/lib/errors";

/** The thing, or the page that says that there is no such thing. */
export async function orNotFound<T>(read: Promise<T>): Promise<T> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof SluiceError && error.code === "not_found") notFound();
    throw error;
  }
}
