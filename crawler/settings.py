"""Scrapy's settings. Each differs from Scrapy's own default for the reason beside it."""

from crawler.config import setting
from crawler.manners import user_agent

BOT_NAME = "goc-nhin"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"
COMMANDS_MODULE = "crawler.commands"

GOC_NHIN_DATA = setting("GOC_NHIN_DATA")
GOC_NHIN_SITE = setting("GOC_NHIN_SITE")
GOC_NHIN_DELAY = setting("GOC_NHIN_DELAY")

# Manners: the site's rules are kept. Our spiders set delay, user agent and connections once more, for their site, and
# refuse to open when those in force are rude; these are for the shell, and for spiders that others add.
ROBOTSTXT_OBEY = True
DOWNLOAD_DELAY = 3.0
CONCURRENT_REQUESTS = 1
USER_AGENT = user_agent(setting("GOC_NHIN_CONTACT"))
CONCURRENT_ITEMS = 1  # one page gives one item; Scrapy's default starts a hundred tasks for each
DOWNLOAD_DELAY_JITTER = 0  # jitter would go under the promised delay half of the time
AUTOTHROTTLE_ENABLED = True

# The site answers 403 now and then to anyone and lets the same request through later.
RETRY_HTTP_CODES = [403, 408, 429, 500, 502, 503, 504, 522, 524]
RETRY_TIMES = 7
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "crawler.middlewares.SiteMiddleware": 50,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "crawler.middlewares.PolitenessMiddleware": 550,
}

# Bounds: an article page is about 70 kB.
DOWNLOAD_MAXSIZE = 5 * 1024 * 1024  # compressed or not
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 60
REDIRECT_MAX_TIMES = 5

# Nothing that opens a port, keeps an identity, or reads this machine's files.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
METAREFRESH_ENABLED = False
COOKIES_ENABLED = False
DOWNLOAD_HANDLERS = {"file": None, "data": None, "ftp": None, "s3": None}
DOWNLOAD_VERIFY_CERTIFICATES = True

# The archive's frontier knows what was asked for and holds what is yet to be; Scrapy's queue stays short.
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
DEPTH_LIMIT = 0  # listings follow each other by the hundred; crawler.runs.walk bounds them

ITEM_PIPELINES = {"crawler.pipelines.ValidationPipeline": 200, "crawler.pipelines.ArchivePipeline": 300}
EXTENSIONS = {"crawler.extensions.ArchiveExtension": 100, "crawler.extensions.ProgressBar": 200}
