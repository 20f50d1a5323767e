"""What a file is, whatever it says it is, and a name for it that can do nobody any harm.

The libraries that there are take every archive for a letter, know no SVG behind its XML heading and no web page
that begins with a script. What has to be known is the few dozen kinds of files that people send each other.
"""

from chalicelib.filetypes.content import sniffed
from chalicelib.filetypes.names import clean_name

__all__ = ["clean_name", "sniffed"]
