import type { Role } from "@/lib/access/permissions";

export interface SamplePerson {
  key: string;
  email: string;
  name: string;
  roles: Role[];
  /** Without one they are named as owners, but cannot sign in. */
  signsIn: boolean;
}

/** The people of the sample organisation. The first six sign in. */
export const PEOPLE = [
  { key: "admin", email: "admin@example.com", name: "Ada Novak", roles: ["admin"], signsIn: true },
  {
    key: "lead",
    email: "security-lead@example.com",
    name: "Sofia Lindqvist",
    roles: ["security_lead"],
    signsIn: true,
  },
  {
    key: "lead2",
    email: "security-lead-2@example.com",
    name: "Samir Haddad",
    roles: ["security_lead"],
    signsIn: true,
  },
  {
    key: "riskOwner",
    email: "risk-owner@example.com",
    name: "Rosa Keller",
    roles: ["risk_owner"],
    signsIn: true,
  },
  {
    key: "appOwner",
    email: "application-owner@example.com",
    name: "Anil Perera",
    roles: ["application_owner"],
    signsIn: true,
  },
  { key: "auditor", email: "auditor@example.com", name: "Astrid Moen", roles: ["auditor"], signsIn: true },
  { key: "service", email: "head-of-service@example.com", name: "Maren Holt", roles: [], signsIn: false },
  { key: "claims", email: "head-of-claims@example.com", name: "Tomas Varga", roles: [], signsIn: false },
  { key: "treasury", email: "head-of-treasury@example.com", name: "Ilse Brandt", roles: [], signsIn: false },
] as const satisfies readonly SamplePerson[];

export type PersonKey = (typeof PEOPLE)[number]["key"];
