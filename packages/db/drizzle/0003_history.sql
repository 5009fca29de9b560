CREATE TABLE "document_history" (
	"document" text NOT NULL,
	"from_seq" bigint NOT NULL,
	"to_seq" bigint NOT NULL,
	"data" "bytea" NOT NULL,
	"crc32" bigint NOT NULL,
	"person_id" text,
	"body_id" text,
	"from_at" timestamp with time zone NOT NULL,
	"to_at" timestamp with time zone NOT NULL,
	CONSTRAINT "document_history_document_from_seq_pk" PRIMARY KEY("document","from_seq")
);
--> statement-breakpoint
ALTER TABLE "document_history" ADD CONSTRAINT "document_history_document_document_name_fk" FOREIGN KEY ("document") REFERENCES "public"."document"("name") ON DELETE no action ON UPDATE no action;