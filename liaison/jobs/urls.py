from django.urls import path

from liaison.jobs.views import job_list

urlpatterns = [path("", job_list, name="job_list")]
