CREATE TABLE "document_lease" (
	"document" text PRIMARY KEY NOT NULL,
	"holder" text,
	"token" bigint NOT NULL,
	"ends_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "document_client" ADD COLUMN "free" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "document_lease" ADD CONSTRAINT "document_lease_document_document_name_fk" FOREIGN KEY ("document") REFERENCES "public"."document"("name") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "document_lease_holder" ON "document_lease" USING btree ("holder");