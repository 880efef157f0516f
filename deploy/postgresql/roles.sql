-- As PostgreSQL's administrator: psql --set ON_ERROR_STOP=1 --set password='of letters and digits' --file roles.sql postgres
CREATE ROLE evidence LOGIN PASSWORD :'password';
CREATE DATABASE evidence ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE evidence FROM PUBLIC;
GRANT CONNECT ON DATABASE evidence TO evidence;
\connect evidence
CREATE SCHEMA evidence_desk AUTHORIZATION evidence;
