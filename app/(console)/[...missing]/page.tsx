import { notFound } from "next/navigation";

/** Any other address of the console: said within its shell that there is nothing. */
export default function MissingPage() {
  notFound();
}
