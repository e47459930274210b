-- Who made an account and who gave a role; null for those that were there before, and for the first admin.
ALTER TABLE "person" ADD COLUMN "created_by_id" UUID;
ALTER TABLE "role_grant" ADD COLUMN "granted_by_id" UUID;

ALTER TABLE "person" ADD CONSTRAINT "person_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "person"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "role_grant" ADD CONSTRAINT "role_grant_granted_by_id_fkey" FOREIGN KEY ("granted_by_id") REFERENCES "person"("id") ON DELETE SET NULL ON UPDATE CASCADE;
