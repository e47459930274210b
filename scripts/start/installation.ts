import { randomBytes } from "node:crypto";
import { sharedDb } from "@/lib/db/shared";
