-- The application's own user, once for each environment, by the master user. Run it again at will.
--
--   psql --set ON_ERROR_STOP=1 --set application=classifier_app --set connections=106 --file database_user.sql
--
-- No password is in it: RDS logs what creates a role (`log_statement`). `\password`, which README.md calls next,
-- sends a hash that psql has made.
SELECT format('CREATE ROLE %I LOGIN', :'application')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'application') \gexec

-- The budget of connections (terraform/autoscaling.tf), held by the server too: whatever the tasks do, what is
-- beyond it stays for people and for RDS.
ALTER ROLE :"application" CONNECTION LIMIT :connections;

-- A schema for its tables, the data of an inherited database, and nothing for everybody else.
CREATE SCHEMA IF NOT EXISTS :"application";
GRANT ALL ON SCHEMA :"application" TO :"application";
GRANT USAGE ON SCHEMA public TO :"application";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :"application";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO :"application";
ALTER ROLE :"application" SET search_path = :"application", public;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()) \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), :'application') \gexec
