/* The tiny network in C: one hidden layer of two, sigmoid throughout, half squared error, one sample an update.
   It makes a pass, prints its weights, and answers each line of stdin with the seconds of a pass, the mean over 0.2 s. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double W1[2][2], b1[2], W2[2][2], b2[2], x[2] = {0.05, 0.10}, y[2] = {0.01, 0.99};

static double sigmoid(double z) { return 1.0 / (1.0 + exp(-z)); }

static void train(long n_updates, double rate) {
    for (long u = 0; u < n_updates; u++) {
        double h[2], o[2], delta2[2], delta1[2];
        for (int j = 0; j < 2; j++) h[j] = sigmoid(W1[j][0] * x[0] + W1[j][1] * x[1] + b1[j]);
        for (int j = 0; j < 2; j++) o[j] = sigmoid(W2[j][0] * h[0] + W2[j][1] * h[1] + b2[j]);
        for (int j = 0; j < 2; j++) delta2[j] = (o[j] - y[j]) * o[j] * (1.0 - o[j]);
        for (int k = 0; k < 2; k++) delta1[k] = (W2[0][k] * delta2[0] + W2[1][k] * delta2[1]) * h[k] * (1.0 - h[k]);
        for (int j = 0; j < 2; j++) {
            for (int k = 0; k < 2; k++) W2[j][k] -= rate * delta2[j] * h[k];
            b2[j] -= rate * delta2[j];
        }
        for (int j = 0; j < 2; j++) {
            for (int k = 0; k < 2; k++) W1[j][k] -= rate * delta1[j] * x[k];
            b1[j] -= rate * delta1[j];
        }
    }
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int count, char **arguments) {
    long n_updates = atol(arguments[1]);
    double rate = atof(arguments[2]), *places[] = {&W1[0][0], b1, &W2[0][0], b2};
    int lengths[] = {4, 2, 4, 2}, at = 3;
    for (int i = 0; i < 4; i++)
        for (int k = 0; k < lengths[i]; k++, at++) places[i][k] = at < count ? atof(arguments[at]) : 0.0;
    train(n_updates, rate);
    for (int i = 0; i < 4; i++)
        for (int k = 0; k < lengths[i]; k++) printf("%.17g ", places[i][k]);
    printf("\n");
    fflush(stdout);
    for (char line[8]; fgets(line, sizeof line, stdin);) {
        long n_passes = 0;
        double begun = now(), seconds = 0.0;
        for (; seconds < 0.2; n_passes++, seconds = now() - begun) train(n_updates, rate);
        printf("%.9f\n", seconds / (double)n_passes);
        fflush(stdout);
    }
    return 0;
}
