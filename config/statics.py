"""Static files for a server: hashed, compressed, and the portal's style sheet joined into one file."""

import re
from pathlib import Path, PurePosixPath

from whitenoise.storage import CompressedManifestStaticFilesStorage

SHEET = "css/portal.css"
IMPORT = re.compile(r'@import url\("([^"]+)"\);\n?')
COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)


class JoinedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """The parts that ``css/portal.css`` imports are written into it: a phone asks once instead of thirty times."""

    def post_process(self, paths, dry_run=False, **options):
        if SHEET in paths and not dry_run:
            with self.open(SHEET) as sheet:
                joined = IMPORT.sub(self._part, COMMENT.sub("", sheet.read().decode()))
            Path(self.path(SHEET)).write_text(joined, encoding="utf-8")
            paths[SHEET] = (self, SHEET)  # the hashed copy is made from what this names, not from the source
        yield from super().post_process(paths, dry_run, **options)

    def _part(self, match: re.Match[str]) -> str:
        with self.open(str(PurePosixPath(SHEET).parent / match[1])) as part:
            return COMMENT.sub("", part.read().decode())
