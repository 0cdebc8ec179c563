"""A keyring in memory, for tests on machines that have none."""


class FakeKeyring:
    """Keeps what it is given, until it is told to forget everything."""

    def __init__(self):
        self.kept = {}

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def delete_password(self, service, username):
        del self.kept[service, username]
