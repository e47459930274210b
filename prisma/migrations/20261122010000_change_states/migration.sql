-- A transaction of its own: a new value of an enum can be used only after it is committed.
ALTER TYPE "change_status" ADD VALUE 'scheduled' AFTER 'approved';
ALTER TYPE "change_status" ADD VALUE 'suspended' AFTER 'scheduled';
