/** The database that a site's `postgres.json` names. */
