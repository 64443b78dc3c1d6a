"""Django's PostgreSQL backend, except that it starts our own server before it connects, and says in one line why not."""

from django.db.backends.postgresql import base

from kb.database import DatabaseUnavailable
from kb.postgresql.embedded import running_server


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self):
        if data := self.settings_dict.get("EMBEDDED"):
            self.settings_dict["HOST"] = running_server(data)
        return super().get_connection_params()

    def get_new_connection(self, conn_params):
        try:
            return super().get_new_connection(conn_params)
        except base.Database.OperationalError as error:
            raise DatabaseUnavailable(" ".join(str(error).split())) from error
